/** For clients of Connect-ES, whose package `@connectrpc/connect` must be there. */
export { connectEsTransport } from "./client/connect-es-transport.js";
