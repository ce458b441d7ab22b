/** One entry for each of these. @template T @param {readonly T[]} all @param {(one: T) => [string, object]} make */
export const doing = (all, make) => Object.fromEntries(all.map(make));
