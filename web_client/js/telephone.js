/** The address that rings this number. @param {string} phone */
export const telephone = (phone) => `tel:${phone.replace(/[^+\d]/g, "")}`;
