import { InstanceError } from "../base/errors.ts";
import type { Client } from "../client/client.ts";
import type { Member } from "../members/member.ts";
import type { ReplyList, Request } from "../operations/request.ts";
import { Round } from "../quorum/round.ts";

/** What one instance replied: the reply of each request, in the order of the requests, or why it did not reply to all of them. */
export interface Answer {
  readonly member: Member;
  readonly replies: readonly ReplyList[] | InstanceError;
}

/** Sends the same requests to all instances of a client. Waits for each of them until the time limit of a request. Never rejects. */
export async function askAll(client: Client, requests: readonly Request[]): Promise<readonly Answer[]> {
  const { members } = client;
  if (!members.isIdentified) await members.identifyAll();
  const { voters } = members;
  const answers = voters.members.map((member) => ({ member, replies: [] as (ReplyList | InstanceError)[] }));
  await Promise.all(
    requests.map(
      (request, index) =>
        new Promise<void>((resolve) => {
          const missing = new Set(answers);
          if (missing.size === 0) resolve();
          new Round(voters).send(request).listen((memberIndex, reply) => {
            const answer = answers.find(({ member }) => member.index === memberIndex);
            // A late reply of a member that abstained says what the server has, which is what an operator asks for.
            if (answer === undefined) return;
            answer.replies[index] = reply instanceof InstanceError ? reply : (reply as ReplyList);
            missing.delete(answer);
            if (missing.size === 0) resolve();
          });
        }),
    ),
  );
  return answers.map(({ member, replies }) => {
    const error = replies.find((reply) => reply instanceof InstanceError);
    return { member, replies: error ?? (replies as ReplyList[]) };
  });
}
