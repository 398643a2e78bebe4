/** Programs without types may give anything for what protoc-gen-es generates. */
import type { DescMessage, DescService } from "@bufbuild/protobuf";
import { shown } from "../shown.js";

/** @throws {TypeError} for what is no service */
export function checkService(service: DescService): void {
  if (service?.kind === "service") return;
  throw new TypeError(`${shown(service)} is no service: expected one that protoc-gen-es has generated`);
}

/** @throws {TypeError} for what is no type of messages */
export function checkMessageType(schema: DescMessage): void {
  if (schema?.kind === "message") return;
  throw new TypeError(`${shown(schema)} is no schema of a message: expected one that protoc-gen-es has generated`);
}
