/**
 * The clinic as the server wrote it into the page: whom to call when nothing else answers. The rest comes with the
 * first answer.
 * @returns {import("./net/messages.js").Clinic | null}
 */
export function clinicOfPage() {
  const { clinicName, clinicPhone, clinicColor, clinicLogo } = document.documentElement.dataset;
  if (!clinicName || !clinicPhone) return null;
  return { id: "", name: clinicName, phone: clinicPhone, time_zone: "UTC", support_hours: {}, emergency_number: "911", color: clinicColor || null, logo: clinicLogo || null };
}

/** Wear the clinic's colour; the rest of the look follows from it (css/tokens.css). @param {import("./net/messages.js").Clinic | null} clinic */
export function dress(clinic) {
  const { style } = document.documentElement;
  if (clinic?.color && style.getPropertyValue("--clinic") !== clinic.color) style.setProperty("--clinic", clinic.color);
}
