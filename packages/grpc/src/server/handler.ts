import type {
  DescMessage,
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import type { Call } from "../call/call.js";
import type { Envelopes } from "../call/envelopes.js";
import type { Requests } from "../call/incoming.js";
import type { Many, Source } from "../call/pump.js";

/** A message to send, or several that are encoded already. */
export type Out<D extends DescMessage> = MessageInitShape<D> | Envelopes;

/** One request, one response: returned, or promised. */
export type UnaryHandler<I extends DescMessage, O extends DescMessage> = (
  request: MessageShape<I>,
  call: Call,
) => Out<O> | Promise<Out<O>>;

/** One request, a stream of responses: a generator, plain or asynchronous, or anything else that can be iterated. */
export type ServerStreamingHandler<I extends DescMessage, O extends DescMessage> = (
  request: MessageShape<I>,
  call: Call,
) => Many<Out<O>> | Source<Out<O>>;

/** A stream of requests, one response. */
export type ClientStreamingHandler<I extends DescMessage, O extends DescMessage> = (
  requests: Requests<MessageShape<I>>,
  call: Call,
) => Promise<Out<O>>;

/** A stream of requests and a stream of responses, independent of each other. */
export type BidiStreamingHandler<I extends DescMessage, O extends DescMessage> = (
  requests: Requests<MessageShape<I>>,
  call: Call,
) => Many<Out<O>> | Source<Out<O>>;

/** The shape of a method's handler. Handlers written for Connect-ES's router have it too. */
export type MethodImpl<M extends DescMethod> =
  M extends DescMethodUnary<infer I, infer O>
    ? UnaryHandler<I, O>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? ServerStreamingHandler<I, O>
      : M extends DescMethodClientStreaming<infer I, infer O>
        ? ClientStreamingHandler<I, O>
        : M extends DescMethodBiDiStreaming<infer I, infer O>
          ? BidiStreamingHandler<I, O>
          : never;

/** A handler for each method of a service. A method without one answers UNIMPLEMENTED. */
export type ServiceImpl<S extends DescService> = { [P in keyof S["method"]]?: MethodImpl<S["method"][P]> };
