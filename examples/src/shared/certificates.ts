/** Certificates for the examples are made on the spot, so that no key lies in the repository. Yours come from your authority. */
export { makeAuthority, makeCertificate } from "../../../packages/grpc/dist/test/certificates.js";
