import type { DynamicModule, INestApplication, ModuleMetadata, Type } from "@nestjs/common";
import { Test, type TestingModule } from "@nestjs/testing";
import { Redlock } from "quorumlock";
import { onTestFinished } from "vitest";
import { getAnswer, type HttpAnswer } from "./get-answer.ts";
import { QuorumlockModule } from "../../src/index.ts";

/** A module on a client in memory, for tests of what the decorator does. */
export const memoryModule = (name?: string): DynamicModule =>
  QuorumlockModule.forRoot({
    redlock: Redlock.memory(),
    ...(name !== undefined && { name }),
    isGlobal: true,
  });

/** Starts an application without HTTP. It is closed when the test ends. */
export async function startModule(metadata: ModuleMetadata): Promise<TestingModule> {
  const compiled = await Test.createTestingModule(metadata).compile();
  const app = await compiled.init();
  onTestFinished(() => app.close());
  return app;
}

/** The object of a class that an application on a client in memory has made. */
export async function startProvider<T>(provider: Type<T>): Promise<T> {
  const app = await startModule({ imports: [memoryModule()], providers: [provider] });
  return app.get(provider);
}

/** The error with which an application does not start. */
export async function startError(metadata: ModuleMetadata): Promise<Error> {
  try {
    await startModule(metadata);
  } catch (error) {
    return error as Error;
  }
  throw new Error("the application started");
}

/** An application that listens on a free port of the loopback interface. */
export interface HttpApp {
  readonly app: INestApplication;
  /** Sends a GET request, and returns the status and the body. */
  readonly get: (path: string) => Promise<HttpAnswer>;
}

/** Starts an application with HTTP. It is closed when the test ends. */
export async function startHttp(metadata: ModuleMetadata): Promise<HttpApp> {
  const compiled = await Test.createTestingModule(metadata).compile();
  const app = compiled.createNestApplication({ logger: false });
  onTestFinished(() => app.close());
  await app.listen(0, "127.0.0.1");
  const url = await app.getUrl();
  return { app, get: (path) => getAnswer(`${url}${path}`) };
}

/** A promise with its functions. */
export interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

export function gate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
