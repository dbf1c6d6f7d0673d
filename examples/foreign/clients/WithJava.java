// Java's HttpClient, which keeps connections unless it is told not to, and is told to ask before it
// sends a long body; not if the body is too long, for then it waits for ever: in Java 17 any final
// answer but 100 or 417 leaves it waiting.
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;

class WithJava {
    public static void main(String[] args) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 1; i < args.length; i += 3) {
            boolean none = args[i + 2].equals("-");
            var body = none ? BodyPublishers.noBody() : BodyPublishers.ofFile(Path.of(args[i + 2]));
            var request = HttpRequest.newBuilder(URI.create(args[0] + args[i + 1]))
                .method(args[i], body);
            if (!none) {
                request.header("Content-Type", "application/json");
                long size = Files.size(Path.of(args[i + 2]));
                request.expectContinue(size > 100_000 && size < 1_000_000);
            }
            var answer = client.send(request.build(), BodyHandlers.ofByteArray());
            System.out.println(answer.statusCode() + " " + answer.body().length);
        }
    }
}
