// The members of @opentelemetry/api that are used. The library does not depend on it: the user passes it.

/** A value of an attribute. */
type AttributeValue = string | number | boolean | string[];
export type Attributes = Record<string, AttributeValue>;

export interface OtelSpan {
  setAttributes(attributes: Attributes): unknown;
  addEvent(name: string, attributes?: Attributes): unknown;
  setStatus(status: { readonly code: number; readonly message?: string }): unknown;
  end(): void;
  spanContext(): object;
}

export interface OtelTracer {
  startSpan(name: string, options: never, context: never): OtelSpan;
}

interface OtelHistogram {
  record(value: number, attributes: Attributes): void;
}

/** What a callback of an observable instrument gets. */
export interface OtelObservableResult {
  observe(value: number, attributes?: Attributes): void;
}

export interface OtelObservable {
  addCallback(callback: (result: OtelObservableResult) => void | Promise<void>): void;
  removeCallback(callback: (result: OtelObservableResult) => void | Promise<void>): void;
}

export interface OtelMeter {
  createHistogram(name: string, options: object): OtelHistogram;
  createObservableCounter(name: string, options: object): OtelObservable;
  createObservableGauge(name: string, options: object): OtelObservable;
  createObservableUpDownCounter(name: string, options: object): OtelObservable;
}

/** The module `@opentelemetry/api`, 1.x: `import * as api from "@opentelemetry/api"`. */
export interface OpenTelemetryApi {
  /** The context of a call. */
  readonly context: { active(): object };
  /** Makes tracers. */
  readonly trace: { getTracer(name: string, version?: string): OtelTracer };
  /** Makes meters. */
  readonly metrics: { getMeter(name: string, version?: string): OtelMeter };
}
