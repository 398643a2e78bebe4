/** Whether a host is this machine and can only be reached from it: localhost, 127.0.0.0/8 or ::1, without brackets. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
