/** The states and territories of the United States by the postal service's letters, in the order of their English names. */

/** @type {Readonly<Record<string, string>>} */
const ENGLISH = {
  AL: "Alabama", AK: "Alaska", AS: "American Samoa", AZ: "Arizona", AR: "Arkansas", CA: "California", CO: "Colorado", CT: "Connecticut",
  DE: "Delaware", DC: "District of Columbia", FL: "Florida", GA: "Georgia", GU: "Guam", HI: "Hawaii", ID: "Idaho", IL: "Illinois",
  IN: "Indiana", IA: "Iowa", KS: "Kansas", KY: "Kentucky", LA: "Louisiana", ME: "Maine", MD: "Maryland", MA: "Massachusetts",
  MI: "Michigan", MN: "Minnesota", MS: "Mississippi", MO: "Missouri", MT: "Montana", NE: "Nebraska", NV: "Nevada", NH: "New Hampshire",
  NJ: "New Jersey", NM: "New Mexico", NY: "New York", NC: "North Carolina", ND: "North Dakota", MP: "Northern Mariana Islands",
  OH: "Ohio", OK: "Oklahoma", OR: "Oregon", PA: "Pennsylvania", PR: "Puerto Rico", RI: "Rhode Island", SC: "South Carolina",
  SD: "South Dakota", TN: "Tennessee", TX: "Texas", VI: "U.S. Virgin Islands", UT: "Utah", VT: "Vermont", VA: "Virginia",
  WA: "Washington", WV: "West Virginia", WI: "Wisconsin", WY: "Wyoming",
};

/** Where Spanish has a name of its own. @type {Readonly<Record<string, string>>} */
const SPANISH = {
  AS: "Samoa Americana", DC: "Distrito de Columbia", HI: "Hawái", LA: "Luisiana", MS: "Misisipi", MO: "Misuri", NM: "Nuevo México",
  NY: "Nueva York", NH: "Nuevo Hampshire", NJ: "Nueva Jersey", NC: "Carolina del Norte", ND: "Dakota del Norte", MP: "Islas Marianas del Norte",
  OR: "Oregón", PA: "Pensilvania", SC: "Carolina del Sur", SD: "Dakota del Sur", VI: "Islas Vírgenes de EE. UU.", WV: "Virginia Occidental",
};

/** What the server calls any place outside the United States. */
export const ABROAD = "XX";

/**
 * Letters and names in the order of a list in this language.
 * @param {import("../i18n.js").Language} language
 * @returns {[string, string][]}
 */
export function statesIn(language) {
  const names = language === "es" ? { ...ENGLISH, ...SPANISH } : ENGLISH;
  return Object.entries(names).sort(([, one], [, other]) => one.localeCompare(other, language));
}
