/** One widget asks another, without knowing it: "call this number", "show this contact". */
export type Requests = {
  dial: { number: string };
  open_contact: { contactId: number };
  open_chat: { agentId: string };
  open_phone_choice: undefined;
};

export class Requester {
  private readonly ears = new Map<keyof Requests, Set<(value: never) => void>>();

  on<K extends keyof Requests>(name: K, ear: (value: Requests[K]) => void): () => void {
    const set = this.ears.get(name) ?? new Set();
    set.add(ear as (value: never) => void);
    this.ears.set(name, set);
    return () => {
      set.delete(ear as (value: never) => void);
    };
  }

  ask<K extends keyof Requests>(name: K, value: Requests[K]): void {
    for (const ear of this.ears.get(name) ?? []) ear(value as never);
  }
}
