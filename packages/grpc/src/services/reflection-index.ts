import { type DescEnum, type DescExtension, type DescFile, type DescMessage, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

/** What files declare, by name. The files are those given and all that they import. */
export class ReflectionIndex {
  readonly #files = new Map<string, DescFile>();
  readonly #symbols = new Map<string, DescFile>();
  readonly #extensions = new Map<string, Map<number, DescFile>>();
  readonly #messages = new Set<string>();
  /** Encoded with their imports, when somebody has asked for them. */
  readonly #encoded = new Map<DescFile, Uint8Array[]>();

  constructor(files: Iterable<DescFile>) {
    for (const file of files) this.#addFile(file);
  }

  /** @param path as imports write it: google/protobuf/any.proto */
  fileByPath(path: string): DescFile | undefined {
    return this.#files.get(path);
  }

  /** The file that declares a full name: of a service, method, message, enum, extension, field, oneof or enum value. */
  fileOfSymbol(name: string): DescFile | undefined {
    return this.#symbols.get(name);
  }

  fileOfExtension(message: string, number: number): DescFile | undefined {
    return this.#extensions.get(message)?.get(number);
  }

  /** The numbers of the extensions of a message, ascending; undefined if the message is not known. */
  extensionNumbers(message: string): number[] | undefined {
    if (!this.#messages.has(message)) return undefined;
    return [...(this.#extensions.get(message)?.keys() ?? [])].sort((a, b) => a - b);
  }

  /** A file and all that it imports, each as an encoded FileDescriptorProto, the file itself first. */
  encoded(file: DescFile): readonly Uint8Array[] {
    let encoded = this.#encoded.get(file);
    if (encoded === undefined) {
      encoded = withImports(file).map(({ proto }) => toBinary(FileDescriptorProtoSchema, proto));
      this.#encoded.set(file, encoded);
    }
    return encoded;
  }

  #addFile(file: DescFile): void {
    const path = pathOf(file);
    if (this.#files.has(path)) return;
    this.#files.set(path, file);
    for (const service of file.services) {
      this.#symbols.set(service.typeName, file);
      for (const { name } of service.methods) this.#symbols.set(`${service.typeName}.${name}`, file);
    }
    this.#addTypes(file, file);
    for (const imported of file.dependencies) this.#addFile(imported);
  }

  #addTypes(file: DescFile, scope: DescFile | DescMessage): void {
    const messages = scope.kind === "file" ? scope.messages : scope.nestedMessages;
    for (const message of messages) this.#addMessage(file, message);
    const enums = scope.kind === "file" ? scope.enums : scope.nestedEnums;
    for (const type of enums) this.#addEnum(file, type);
    const extensions = scope.kind === "file" ? scope.extensions : scope.nestedExtensions;
    for (const extension of extensions) this.#addExtension(file, extension);
  }

  #addMessage(file: DescFile, message: DescMessage): void {
    this.#symbols.set(message.typeName, file);
    this.#messages.add(message.typeName);
    for (const { name } of [...message.fields, ...message.oneofs])
      this.#symbols.set(`${message.typeName}.${name}`, file);
    this.#addTypes(file, message);
  }

  /** An enum's values are named beside it, not in it. Source: descriptor.proto, "EnumValueDescriptorProto". */
  #addEnum(file: DescFile, type: DescEnum): void {
    this.#symbols.set(type.typeName, file);
    const scope = type.typeName.slice(0, -type.name.length);
    for (const { name } of type.values) this.#symbols.set(scope + name, file);
  }

  #addExtension(file: DescFile, extension: DescExtension): void {
    this.#symbols.set(extension.typeName, file);
    const { typeName } = extension.extendee;
    const numbers = this.#extensions.get(typeName) ?? new Map<number, DescFile>();
    this.#extensions.set(typeName, numbers.set(extension.number, file));
  }
}

/** A DescFile's own name lacks the suffix. */
const pathOf = (file: DescFile): string => file.proto.name;

function withImports(file: DescFile, found: Set<DescFile> = new Set()): DescFile[] {
  found.add(file);
  for (const imported of file.dependencies) {
    if (!found.has(imported)) withImports(imported, found);
  }
  return [...found];
}
