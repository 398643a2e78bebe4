/** The field that a Connect request says its version in, and the only version. */
export const CONNECT_VERSION_FIELD = "connect-protocol-version";
export const CONNECT_VERSION = "1";
