// Package foreign runs other people's programs for the tests: clients against our server, our
// client against their servers, and proxies between. It finds a program or skips the test by
// name, starts servers on free ports with the configurations of this directory, and ends what
// it started. It also has what other tests share: when they are skipped, and where two texts differ.
//
// The clients in the directory clients all have one command line: a URL without a path, and
// then, for each exchange, a method, a path and a file with the body, or a minus for none. Of
// each response they print the status code and how many octets of body came.
package foreign
