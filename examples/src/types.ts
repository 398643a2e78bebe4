/**
 * Rich errors: beside its code and text, an error carries messages that programs can read (google.rpc).
 *
 * Run it: npm run example -- types
 * You see:
 *
 *     INVALID_ARGUMENT: the point is not on this planet
 *     field latitude: 2000000000 is out of range: expected -900000000 to 900000000
 *     more: https://grpc.io/docs/guides/error/
 */
import { Code, createClient, createServer, RpcError } from "@routeguide/grpc";
import { BadRequestSchema, HelpSchema } from "@routeguide/grpc/details";
import { inMemory } from "@routeguide/grpc/testing";
import { RouteGuide } from "routeguide";
import { placeAt } from "./shared/places.js";

const MOST = 900_000_000;

const server = createServer().service(RouteGuide, {
  getFeature({ latitude, longitude }) {
    if (Math.abs(latitude) <= MOST) return placeAt(latitude, longitude);
    const description = `${latitude} is out of range: expected -${MOST} to ${MOST}`;
    throw new RpcError(Code.InvalidArgument, "the point is not on this planet", {
      details: [
        { desc: BadRequestSchema, value: { fieldViolations: [{ field: "latitude", description }] } },
        { desc: HelpSchema, value: { links: [{ url: "https://grpc.io/docs/guides/error/" }] } },
      ],
    });
  },
});

await using transport = inMemory(server);
const client = createClient(RouteGuide, transport);
try {
  await client.getFeature({ latitude: 2_000_000_000, longitude: 0 });
} catch (reason) {
  const error = RpcError.from(reason);
  console.log(error.message);
  for (const { fieldViolations } of error.findDetails(BadRequestSchema)) {
    for (const { field, description } of fieldViolations) console.log(`field ${field}: ${description}`);
  }
  for (const { links } of error.findDetails(HelpSchema)) for (const { url } of links) console.log(`more: ${url}`);
}
