/** The pages' words, as each page has them: what all pages say, and what its own parts add. */
const parts = async (language, ...names) =>
  Object.assign({}, ...(await Promise.all(names.map(async (name) => (await import(`../../web_client/i18n/${name}${language}.js`)).default))));

export const [en, es] = await Promise.all(["en", "es"].map((language) => parts(language, "", "visit-")));
export const [careEn, careEs] = await Promise.all(["en", "es"].map((language) => parts(language, "care-", "care-visit-")));
export const [testEn, testEs] = await Promise.all(["en", "es"].map((language) => parts(language, "test-")));
