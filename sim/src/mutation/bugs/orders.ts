import type { Bug } from "../bug.ts";

const STEPS = { tests: "examples/test/orders/resume.test.ts" };

/** Bugs in the example with orders and payments. */
export const ordersBugs: readonly Bug[] = [
  {
    name: "the key of a payment is made anew at each try",
    file: "examples/orders/resume.ts",
    find: "const answered = provider.charge(key, order.total, lock.signal);",
    replace: "const answered = provider.charge(`${order.id}:${tries + 1}`, order.total, lock.signal);",
    caughtBy: STEPS,
  },
  {
    name: "a payment without an answer is taken as not charged",
    file: "examples/orders/resume.ts",
    find: 'if (answer === "declined") return "releasing";',
    replace: 'if (answer !== "charged") return "releasing";',
    caughtBy: STEPS,
  },
  {
    name: "a payment that the provider does not know is taken as declined",
    file: "examples/orders/resume.ts",
    find: 'if (state === "charged" || state === "declined") return state;',
    replace: 'if (state !== "unclear") return state === "charged" ? state : "declined";',
    caughtBy: STEPS,
  },
  {
    name: "an order is cancelled before the provider has confirmed the void",
    file: "examples/orders/resume.ts",
    find: 'if ((await provider.void(paymentKey(order.id), lock.signal)) !== "voided") {',
    replace: "if (order.total < 0) {",
    caughtBy: STEPS,
  },
];
