import type { DescService } from "@bufbuild/protobuf";
import { shown } from "../shown.js";

/**
 * Programs without types may give anything for a service.
 *
 * @throws {TypeError} for what is none
 */
export function checkService(service: DescService): void {
  if (service?.kind === "service") return;
  throw new TypeError(`${shown(service)} is no service: expected one that protoc-gen-es has generated`);
}
