/** The declarations of `@connectrpc/connect` take this name from the DOM's library, which is not among ours. */
declare global {
  type HeadersInit = NonNullable<ConstructorParameters<typeof Headers>[0]>;
}
export {};
