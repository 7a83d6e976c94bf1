/** Light, dark, or as the system has it: at once, and remembered in the cookie that the server reads. */
const YEAR = 365 * 24 * 3600;

export default function theme(form: HTMLElement): void {
  form.addEventListener("submit", (event) => {
    const chosen = (event as SubmitEvent).submitter?.getAttribute("value");
    if (!chosen) return;
    event.preventDefault();
    const root = document.documentElement;
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
    else delete root.dataset.theme;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `detente-theme=${chosen}; Path=/; Max-Age=${chosen === "system" ? 0 : YEAR}; SameSite=Strict${secure}`;
    document.querySelector('meta[name="color-scheme"]')?.setAttribute("content", chosen === "system" ? "light dark" : chosen);
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === chosen));
  });
}
