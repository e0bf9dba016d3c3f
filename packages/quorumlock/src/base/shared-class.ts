/**
 * Makes `instanceof` accept objects of the same class in another copy of this library. A process can load the ES modules and
 * the CommonJS build side by side.
 *
 * @param name names the class in all copies. A bundler may shorten the name of the class itself.
 */
export function shareClass(name: string, shared: abstract new (...args: never) => object): void {
  const brand = Symbol.for(`quorumlock.${name}`);
  Object.defineProperty(shared.prototype, brand, { value: true });
  Object.defineProperty(shared, Symbol.hasInstance, {
    value(this: unknown, object: unknown): boolean {
      if (typeof object !== "object" || object === null) return false;
      // A subclass inherits this method. Its own instances have its prototype.
      if (this !== shared) return Function.prototype[Symbol.hasInstance].call(this, object);
      const prototype: unknown = Object.getPrototypeOf(object);
      return typeof prototype === "object" && prototype !== null && brand in prototype;
    },
  });
}
