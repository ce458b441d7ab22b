/** What is worth a tone: somebody came into the line, wrote, asked for something, or was handed over to this person. */

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").News} News */
/** @typedef {ReadonlyMap<string, Row>} Rows */

/**
 * What is new in these rows, in their order.
 * @param {Rows} before @param {readonly Row[]} rows @param {string} me this person's id
 * @returns {News[]}
 */
export function newsIn(before, rows, me) {
  return rows.flatMap((row) => {
    const old = before.get(row.visit);
    return old === row ? [] : newsOf(old, row, me);
  });
}

/** @param {Row | undefined} old @param {Row} row @param {string} me @returns {News[]} */
function newsOf(old, row, me) {
  const { visit, patient } = row;
  const waited = new Set([...(old?.guests ?? []), ...(old ? [old.patient] : [])].filter((one) => one.phase === "waiting").map((one) => one.id));
  const known = new Set(old?.messages.map((message) => message.id));
  const wished = new Set(old?.wishes.map(({ wish, at }) => `${wish} ${at}`));
  /** @type {News[]} */
  const news = [patient, ...row.guests].filter((one) => one.phase === "waiting" && !waited.has(one.id)).map((one) => ({ kind: "arrival", visit, name: one.name }));
  for (const message of row.messages) {
    if (!message.from_staff && !message.read && !known.has(message.id)) news.push({ kind: "message", visit, name: message.name });
  }
  if (row.wishes.some(({ wish, at }) => !wished.has(`${wish} ${at}`))) news.push({ kind: "wish", visit, name: patient.name });
  if (row.handed_to?.id === me && old?.handed_to?.id !== me) news.push({ kind: "hand_over", visit, name: patient.name });
  return news;
}
