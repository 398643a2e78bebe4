/** What a server cannot start without. The message is one line for whoever starts it; the cause is below it. */
export class StartError extends Error {
  override readonly name = "StartError";
}
