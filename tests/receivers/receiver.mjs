// A receiver of webhooks made of the libraries that people use. Prints its port, then one line of
// JSON for each request: what each library makes of it. Ends with its standard input.
//
//   node receiver.mjs SECRET...
import http from "node:http";
import { verify } from "@octokit/webhooks-methods";
import { HTTP } from "cloudevents";
import { Webhook } from "standardwebhooks";

const secrets = process.argv.slice(2);

// "good", or why not.
async function judged(check) {
  try {
    return (await check()) === false ? "refused" : "good";
  } catch (error) {
    return `refused: ${error.message}`;
  }
}

async function judge(headers, body) {
  const result = { event: headers["x-github-event"] ?? headers["x-gitlab-event"] ?? headers["x-gitea-event"] ?? null };
  result.standard = await Promise.all(secrets.map((secret) => judged(() => {
    const options = secret.startsWith("whsec_") ? {} : { format: "raw" };
    new Webhook(secret, options).verify(body, headers);
  })));
  result.octokit = await judged(() => verify(secrets[0], body, headers["x-hub-signature-256"] ?? "none"));
  result.token = headers["x-gitlab-token"] ?? headers.authorization ?? null;
  try {
    const event = HTTP.toEvent({ headers, body });
    event.validate();
    result.cloudevent = event.toJSON();
  } catch (error) {
    result.cloudevent = null;
    result.body = JSON.parse(body);
  }
  return result;
}

const server = http.createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", async () => {
    console.log(JSON.stringify(await judge(request.headers, Buffer.concat(parts).toString("utf8"))));
    response.writeHead(204).end();
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
