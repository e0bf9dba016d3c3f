import { Controller, Get, Injectable, Module, Param } from "@nestjs/common";
import { APP_FILTER, NestFactory } from "@nestjs/core";
import { currentLock, LockExceptionFilter, QuorumlockModule, UseLock } from "@quorumlock/nestjs";
import { Redlock } from "quorumlock";

// An application as users write it: CommonJS, with the types of the constructor as tokens. The servers are its arguments.

@Injectable()
export class Orders {
  constructor(private readonly redlock: Redlock) {}

  @UseLock((id: string) => `order:${id}`, { wait: 0 })
  async pay(id: string): Promise<object> {
    const { isHeld } = await this.redlock.query(`order:${id}`);
    // The test lets the request end.
    await this.redlock.untilFree(`gate:${id}`, { wait: 60_000 });
    return { isHeld, names: currentLock().names };
  }
}

@Controller("orders")
export class OrdersController {
  constructor(private readonly orders: Orders) {}

  @Get(":id")
  pay(@Param("id") id: string): Promise<object> {
    return this.orders.pay(id);
  }
}

@Module({
  imports: [
    QuorumlockModule.forRootAsync({
      isGlobal: true,
      useFactory: () => ({ instances: process.argv.slice(2), restartGuard: false }),
    }),
  ],
  controllers: [OrdersController],
  providers: [Orders, { provide: APP_FILTER, useClass: LockExceptionFilter }],
})
export class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ["error", "warn"] });
  app.enableShutdownHooks();
  await app.listen(0, "127.0.0.1");
  console.log(await app.getUrl());
}

void main();
