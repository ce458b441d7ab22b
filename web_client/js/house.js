/**
 * The clinic as the server wrote it into the page: whom to call when nothing else answers. Its time zone comes with the
 * first answer.
 * @returns {import("./net/messages.js").Clinic | null}
 */
export function clinicOfPage() {
  const { clinicName, clinicPhone } = document.documentElement.dataset;
  return clinicName && clinicPhone ? { name: clinicName, phone: clinicPhone, time_zone: "UTC" } : null;
}
