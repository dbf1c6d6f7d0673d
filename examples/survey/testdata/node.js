// Reads the body and answers 200, whatever the path.
require("http").createServer((request, response) => {
	request.on("end", () => response.end("ok\n"));
	request.resume();
}).listen(process.argv[2], "127.0.0.1");
