import { Histogram, type HistogramConfiguration } from "prom-client";
import type { CallTotals, MethodTotals } from "./prometheus-totals.js";

type Exported = Awaited<ReturnType<Histogram["get"]>>;
type Value = Exported["values"][number];

/** prom-client's histogram over durations that were counted elsewhere: it makes labels for an export, not for each call. */
export class TotalsHistogram extends Histogram {
  readonly #totals: CallTotals;
  readonly #name: string;
  readonly #help: string;

  constructor(totals: CallTotals, configuration: HistogramConfiguration<string>) {
    super({ ...configuration, buckets: [...totals.bounds] });
    this.#totals = totals;
    this.#name = configuration.name;
    this.#help = configuration.help;
  }

  /** What registries ask for when they write JSON. */
  override async get(): Promise<Exported> {
    const values = Array.from(this.#totals.methods, (method) => this.#valuesOf(method)).flat();
    const exported = { name: this.#name, help: this.#help, type: "histogram", aggregator: "sum", values };
    // prom-client's types have numbers for the texts that its code has.
    return exported as unknown as Exported;
  }

  /** What registries ask for when they write text. */
  getForPromString(): Promise<Exported> {
    return this.get();
  }

  #valuesOf({ labels, buckets, seconds, ended }: MethodTotals): Value[] {
    let within = 0;
    const values: Value[] = this.#totals.bounds.map((bound, i) => {
      within += buckets[i] ?? 0;
      return { metricName: `${this.#name}_bucket`, labels: { ...labels, le: bound }, value: within };
    });
    values.push({ metricName: `${this.#name}_bucket`, labels: { ...labels, le: "+Inf" }, value: ended });
    values.push({ metricName: `${this.#name}_sum`, labels: { ...labels }, value: seconds });
    values.push({ metricName: `${this.#name}_count`, labels: { ...labels }, value: ended });
    return values;
  }
}
