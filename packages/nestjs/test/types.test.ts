import { expect, test } from "vitest";
import { UseLock } from "../src/index.ts";

// Which methods the types of the decorator accept. The compiler checks the comments.

test("the types refuse a method that can be called with arguments that do not fit the key function", () => {
  class Orders {
    @UseLock((id: string) => id)
    async same(_id: string): Promise<void> {}

    @UseLock((id: string) => id)
    async more(_id: string, _amount: number): Promise<void> {}

    @UseLock((id?: string) => id ?? "none")
    async optional(_id?: string): Promise<void> {}

    @UseLock(() => "fixed")
    async fewer(_id: string): Promise<void> {}

    // @ts-expect-error the key function needs a second argument
    @UseLock((id: string, other: string) => id + other)
    async tooFew(_id: string): Promise<void> {}

    // @ts-expect-error the argument can be missing
    @UseLock((id: string) => id)
    async maybe(_id?: string): Promise<void> {}

    // @ts-expect-error the argument is a number
    @UseLock((id: string) => id)
    async other(_id: number): Promise<void> {}

    // @ts-expect-error the method returns no promise
    @UseLock("fixed")
    noPromise(): number {
      return 1;
    }
  }
  expect(Reflect.ownKeys(Orders.prototype)).toHaveLength(9);
});
