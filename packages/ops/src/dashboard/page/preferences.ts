export type Theme = "system" | "light" | "dark";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** What the operator chose for this browser: the theme, and whether letter keys act. */
export class Preferences {
  theme: Theme;
  hasLetterKeys: boolean;

  constructor() {
    const theme = read("theme");
    this.theme = THEMES.find((each) => each === theme) ?? "system";
    this.hasLetterKeys = read("letter-keys") !== "off";
    this.#applyTheme();
  }

  nextTheme(): void {
    this.theme = THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length] ?? "system";
    write("theme", this.theme);
    this.#applyTheme();
  }

  toggleLetterKeys(): void {
    this.hasLetterKeys = !this.hasLetterKeys;
    write("letter-keys", this.hasLetterKeys ? "on" : "off");
  }

  #applyTheme(): void {
    const { dataset } = document.documentElement;
    if (this.theme === "system") delete dataset["theme"];
    else dataset["theme"] = this.theme;
  }
}

/** A browser can refuse to store. The choice then lasts as long as the page. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(`quorumlock.${key}`);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`quorumlock.${key}`, value);
  } catch {
    // See `read`.
  }
}
