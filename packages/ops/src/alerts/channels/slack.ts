import type { AlertChannel } from "./channel.ts";
import { post, secretsOf } from "./post.ts";

export interface SlackOptions {
  /** The URL of an incoming webhook of Slack, Mattermost, Rocket.Chat or Discord (`/slack`). It is a secret. */
  readonly webhook: string;
  /** @default "slack" */
  readonly name?: string | undefined;
}

/** Sends the text to a webhook of Slack, or to one that is compatible. */
export function slackChannel({ webhook, name = "slack" }: SlackOptions): AlertChannel {
  const secrets = secretsOf("webhook", webhook);
  return {
    name,
    send({ title, text }, signal) {
      const body = { text: escapeSlack(`quorumlock ${title}\n${text}`), mrkdwn: false, link_names: false };
      return post(webhook, JSON.stringify(body), { signal, secrets });
    },
  };
}

/**
 * Slack reads `<…>` as links and mentions, so these letters are escaped. Compatible services read a plain `@here`, too: an invisible
 * letter behind the `@` prevents it.
 */
export function escapeSlack(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/@(?=here|channel|everyone|all|group)/gi, "@\u200b");
}
