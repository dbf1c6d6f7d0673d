// Prints for each "METHOD URL" what fetch makes of the answer: code and octets of body.
async function main(args) {
	for (let i = 0; i < args.length; i += 2) {
		try {
			const answer = await fetch(args[i + 1], { method: args[i], redirect: "manual" });
			const body = await answer.arrayBuffer();
			console.log(answer.status, body.byteLength);
		} catch {
			console.log("refuses");
		}
	}
}
main(process.argv.slice(2));
