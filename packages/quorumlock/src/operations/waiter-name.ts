/** The digits of the number in base 36. Equal tickets are in the order of the names, so all numbers of a client are equally long. */
const NUMBER_LENGTH = 7;

/** The name in the lines of one caller of a client, if each caller has a place of its own. */
export function waiterName(clientId: string, callerNumber: number): string {
  return `${clientId}.${callerNumber.toString(36).padStart(NUMBER_LENGTH, "0")}`;
}
