/** Small things kept in this browser (theme before login, chosen microphone). Private windows may refuse: then nothing is kept. */
export const remembered = {
  get<T>(key: string): T | null {
    try {
      const text = localStorage.getItem(`cordboard.${key}`);
      return text === null ? null : (JSON.parse(text) as T);
    } catch {
      return null;
    }
  },
  set(key: string, value: unknown): void {
    try {
      localStorage.setItem(`cordboard.${key}`, JSON.stringify(value));
    } catch {
      // A full or forbidden store only means that the choice is asked again next time.
    }
  },
};
