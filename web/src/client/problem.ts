/** What the server said no to: RFC 9457, with our code. `status` 0 means that the server was not reached. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly params: Record<string, unknown> = {},
    readonly errors: { path: string; message: string }[] = [],
  ) {
    super(detail || title || code);
    this.name = "Problem";
  }

  static unreachable(): Problem {
    return new Problem(0, "unreachable", "", "");
  }

  static async from(response: Response): Promise<Problem> {
    const body = (await response.json().catch(() => null)) as Partial<Problem> | null;
    const code = typeof body?.code === "string" ? body.code : `http_${response.status}`;
    return new Problem(
      response.status,
      code,
      body?.title ?? response.statusText,
      typeof body?.detail === "string" ? body.detail : "",
      body?.params ?? {},
      Array.isArray(body?.errors) ? body.errors : [],
    );
  }
}
