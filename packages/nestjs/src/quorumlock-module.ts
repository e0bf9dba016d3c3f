import {
  type DynamicModule,
  type InjectionToken,
  Module,
  type ModuleMetadata,
  type OptionalFactoryDependency,
  type Provider,
  type Type,
} from "@nestjs/common";
import { ModulesContainer } from "@nestjs/core";
import { Redlock } from "quorumlock";
import { ClientLifecycle } from "./client-lifecycle.ts";
import { describeValue } from "./describe-value.ts";
import { RedlockHealthIndicator } from "./health-indicator.ts";
import { LockRunner } from "./lock-runner.ts";
import {
  checkObject,
  makeRedlock,
  type QuorumlockModuleExtras,
  type QuorumlockModuleOptions,
  readSettings,
} from "./options.ts";
import { RunnerGroup } from "./runner-group.ts";
import { StartupCheck } from "./startup-check.ts";
import { checkClientName, getRedlockToken, redlockClasses, runnerToken } from "./tokens.ts";

/** A class that makes the options of a client, for `useClass` and `useExisting`. */
export interface QuorumlockOptionsFactory {
  /** The options of the client. */
  createQuorumlockOptions(): QuorumlockModuleOptions | Promise<QuorumlockModuleOptions>;
}

/** Options of `QuorumlockModule.forRootAsync`. Exactly one of `useFactory`, `useClass` and `useExisting` must be there. */
export interface QuorumlockModuleAsyncOptions
  extends QuorumlockModuleExtras, Pick<ModuleMetadata, "imports"> {
  /** What is passed to `useFactory`. @default none */
  readonly inject?: readonly (InjectionToken | OptionalFactoryDependency)[] | undefined;
  /** Returns the options of the client. @default none */
  readonly useFactory?:
    | // oxlint-disable-next-line typescript/no-explicit-any -- What is injected can be anything.
      ((...args: any[]) => QuorumlockModuleOptions | Promise<QuorumlockModuleOptions>)
    | undefined;
  /** A class that the module constructs and asks for the options. @default none */
  readonly useClass?: Type<QuorumlockOptionsFactory> | undefined;
  /** The token of a provider that exists and that is asked for the options. @default none */
  readonly useExisting?: InjectionToken<QuorumlockOptionsFactory> | undefined;
  /** More providers of the module, such as what `useClass` needs. @default none */
  readonly extraProviders?: readonly Provider[] | undefined;
}

/**
 * Makes a client from options, provides it, and closes it at the shutdown of the application. The client is injected as `Redlock`, or with
 * `@InjectRedlock(name)` if it has a name. `@UseLock` works in all modules that see the client.
 *
 * ```ts
 * QuorumlockModule.forRoot({ instances: ["redis://localhost:6379", "redis://localhost:6380", "redis://localhost:6381"], isGlobal: true })
 * ```
 * Call `app.enableShutdownHooks()`, otherwise Nest does not notice SIGTERM.
 */
// oxlint-disable-next-line typescript/no-extraneous-class -- A module of Nest is a class.
export class QuorumlockModule {
  /**
   * A client with fixed options. For several clients, import it several times with a `name` each.
   * @throws TypeError, RangeError for bad options, with the field and the value, now or when the application starts.
   */
  static forRoot(options: QuorumlockModuleOptions & QuorumlockModuleExtras): DynamicModule {
    const { name, isGlobal, ...clientOptions } = checkObject(options);
    // Bad settings are an error of this call. The client is made when the application starts. The options are behind a function, because
    // Nest can serialize values of modules (`moduleIdGeneratorAlgorithm: "deep-hash"`), and clients are large.
    readSettings(clientOptions);
    return dynamicModule({ name, isGlobal }, [
      { provide: optionsToken(name), useFactory: () => clientOptions },
    ]);
  }

  /**
   * A client whose options come from other providers, such as a configuration.
   * @throws TypeError unless there is exactly one of `useFactory`, `useClass` and `useExisting`, and for a bad name.
   */
  static forRootAsync(options: QuorumlockModuleAsyncOptions): DynamicModule {
    const { name, isGlobal, imports = [], extraProviders = [] } = checkObject(options);
    const providers = [...optionsProviders(options), ...extraProviders];
    return { ...dynamicModule({ name, isGlobal }, providers), imports };
  }
}
Module({})(QuorumlockModule);

function dynamicModule({ name, isGlobal }: QuorumlockModuleExtras, more: readonly Provider[]): DynamicModule {
  if (name !== undefined) checkClientName(name);
  if (isGlobal !== undefined && typeof isGlobal !== "boolean")
    throw new TypeError(`isGlobal: ${describeValue(isGlobal)} must be true or false`);
  const token = getRedlockToken(name);
  const runner = runnerToken(name);
  // The class of the other build of the library, if that is loaded as well, stands for the same client.
  const aliases = name === undefined ? [...redlockClasses].filter((other) => other !== Redlock) : [];
  const indicators = name === undefined ? [RedlockHealthIndicator] : [];
  return {
    module: QuorumlockModule,
    global: isGlobal ?? false,
    providers: [
      ...more,
      ...indicators,
      { provide: token, useFactory: makeRedlock, inject: [optionsToken(name)] },
      ...aliases.map((provide) => ({ provide, useExisting: token })),
      { provide: runner, useFactory: (redlock: Redlock) => new LockRunner(redlock), inject: [token] },
      {
        provide: `${runner}:lifecycle`,
        useFactory: (locks: LockRunner, options: QuorumlockModuleOptions, modules: ModulesContainer) =>
          new ClientLifecycle(locks, RunnerGroup.of(modules), readSettings(options), name),
        inject: [runner, optionsToken(name), ModulesContainer],
      },
      {
        provide: `${runner}:startup-check`,
        useFactory: (modules: ModulesContainer) => new StartupCheck(modules),
        inject: [ModulesContainer],
      },
    ],
    exports: [token, ...aliases, runner, ...indicators],
  };
}

function optionsToken(name: string | undefined): string {
  return `${runnerToken(name)}:options`;
}

function optionsProviders(options: QuorumlockModuleAsyncOptions): Provider[] {
  const { name, inject = [], useFactory, useClass, useExisting } = options;
  const given = [useFactory, useClass, useExisting].filter((source) => source !== undefined);
  if (given.length !== 1)
    throw new TypeError(
      `forRootAsync: give exactly one of useFactory, useClass and useExisting, which return the options; there are ${given.length}`,
    );
  const provide = optionsToken(name);
  if (useFactory !== undefined) return [{ provide, useFactory, inject: [...inject] }];
  const factory = useClass ?? useExisting!;
  const useMethod = (
    source: QuorumlockOptionsFactory,
  ): QuorumlockModuleOptions | Promise<QuorumlockModuleOptions> => source.createQuorumlockOptions();
  const method: Provider = { provide, useFactory: useMethod, inject: [factory] };
  return useClass === undefined ? [method] : [method, useClass];
}
