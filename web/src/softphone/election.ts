/**
 * Which of a person's tabs is the telephone: the one that holds the Web Lock. The browser gives the lock to the
 * next tab when this one closes or crashes. The others mirror its state and hand it their commands.
 */
export type Election = {
  /** Waits for the lock; calls `elected` when this tab is the phone. The returned function gives it up. */
  enter(elected: () => void): () => void;
};

export function webLockElection(name: string): Election {
  return {
    enter(elected) {
      const giveUp = new AbortController();
      let release: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      if (!("locks" in navigator)) {
        elected();
        return () => undefined;
      }
      navigator.locks
        .request(name, { signal: giveUp.signal }, () => {
          elected();
          return held;
        })
        .catch(() => undefined); // aborted: the person left before it was this tab's turn
      return () => {
        release();
        giveUp.abort();
      };
    },
  };
}
