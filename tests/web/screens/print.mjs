/** Prints the states of one page as JSON, for a browser to draw: `node print.mjs patient`. A map is written as its entries. */
const page = process.argv[2];
const states = (await import(`./${page}.mjs`))[page];
process.stdout.write(JSON.stringify(states, (_, value) => (value instanceof Map ? { entries: [...value] } : value)));
