/** A server's address as anybody may read it: without user, password and token. */
export const withoutLogin = (server: string) => server.replace(/\/\/.*@/, "//");
