/** The states and territories of the United States by the postal service's letters. */

const LETTERS =
  "AL AK AS AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND MP OH OK OR PA PR RI SC SD TN TX VI UT VT VA WA WV WI WY GU".split(" ");

/** What the server calls any place outside the United States. */
export const ABROAD = "XX";

/**
 * Letters and names in the order of a list in this language.
 * @param {import("../i18n.js").Words} words
 * @returns {[string, string][]}
 */
export const statesIn = ({ t, language }) =>
  LETTERS.map((letters) => /** @type {[string, string]} */ ([letters, t(`place.${letters}`)])).sort(([, one], [, other]) => one.localeCompare(other, language));
