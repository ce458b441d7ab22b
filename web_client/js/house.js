/**
 * The clinic as the server wrote it into the page: whom to call when nothing else answers. The rest comes with the
 * first answer.
 * @returns {import("./net/messages.js").Clinic | null}
 */
export function clinicOfPage() {
  const { clinicName, clinicPhone } = document.documentElement.dataset;
  if (!clinicName || !clinicPhone) return null;
  return { id: "", name: clinicName, phone: clinicPhone, time_zone: "UTC", support_hours: {}, emergency_number: "911" };
}
