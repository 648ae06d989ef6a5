/** Who answers to which shortcut now. The last to come answers first: a dialog's before the page's. */
import type { Action } from "./shortcuts";

type Handler = () => void;

export class ShortcutBoard {
  private readonly handlers = new Map<Action, Handler[]>();

  add(action: Action, handler: Handler): () => void {
    const list = this.handlers.get(action) ?? [];
    this.handlers.set(action, [...list, handler]);
    return () => {
      this.handlers.set(
        action,
        (this.handlers.get(action) ?? []).filter((each) => each !== handler),
      );
    };
  }

  has(action: Action): boolean {
    return (this.handlers.get(action)?.length ?? 0) > 0;
  }

  /** False when nobody can do it now: then the key is left to the page. */
  run(action: Action): boolean {
    const handler = this.handlers.get(action)?.at(-1);
    handler?.();
    return handler !== undefined;
  }
}
