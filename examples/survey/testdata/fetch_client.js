// Prints for each "METHOD URL" what fetch makes of the response: code and octets of body.
async function main(args) {
	for (let i = 0; i < args.length; i += 2) {
		try {
			const response = await fetch(args[i + 1], { method: args[i], redirect: "manual" });
			const body = await response.arrayBuffer();
			console.log(response.status, body.byteLength);
		} catch {
			console.log("refuses");
		}
	}
}
main(process.argv.slice(2));
