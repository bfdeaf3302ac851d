// The calls to CAR that a full import makes.

export class Car {
  private readonly v3: string;
  private readonly headers: Record<string, string>;

  constructor(private readonly v2: string, key: string, password: string, private readonly source: string) {
    this.v3 = v2.replace(/\/v2$/, "/v3");
    this.headers = {
      Authorization: "Basic " + Buffer.from(`${key}:${password}`).toString("base64"),
      Accept: "application/json",
      "Content-Type": "application/json",
    };
  }

  private async send(method: string, url: string, body?: BodyInit, accept: number[] = []): Promise<any> {
    const response = await fetch(url, { method, headers: this.headers, body, redirect: "manual" });
    const text = await response.text();
    if (accept.includes(response.status)) return undefined;
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text.slice(0, 500)}`);
    return JSON.parse(text);
  }

  async extend(extension: any) {
    const there = await this.send("GET", `${this.v3}/carSchema/${extension.key}`, undefined, [404]);
    if (!there || Number(there.version) < Number(extension.version)) {
      await this.send("POST", `${this.v3}/carSchema`, JSON.stringify(extension));
    }
  }

  async databases() {
    const { databases } = await this.send("GET", `${this.v2}/databases`);
    if (!databases?.[0]?.is_ready) throw new Error("the database of CAR is not ready");
  }

  async savePoint(): Promise<string> {
    const source = await this.send("GET", `${this.v2}/source/${encodeURIComponent(this.source)}`, undefined, [404]);
    return source?.model_state_id ?? "";
  }

  setSavePoint(id: string) {
    return this.send("PATCH", `${this.v2}/source?key=${encodeURIComponent(this.source)}`, JSON.stringify({ model_state_id: id }));
  }

  enterFullImport() {
    return this.job("POST", "{}");
  }

  leaveFullImport() {
    return this.job("DELETE");
  }

  private async job(method: string, body?: string) {
    const path = `${this.v2}/source/${encodeURIComponent(this.source)}/full-import-in-progress`;
    const { job_id } = await this.send(method, path, body);
    for (let wait = 1000; ; wait = Math.min(2 * wait, 60_000)) {
      const { status, error } = await this.send("GET", `${this.v2}/jobstatus/${encodeURIComponent(job_id)}`);
      if (status === "COMPLETE") return;
      if (status === "ERROR") throw new Error(`the job ${job_id} failed: ${error}`);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  async importSchema(): Promise<any> {
    return (await this.send("GET", `${this.v3}/importSchema?version=v2`)).schema;
  }

  /** Posts a page and gives the job. */
  async import(body: string | Uint8Array): Promise<string> {
    const { id } = await this.send("POST", `${this.v2}/imports`, body as BodyInit);
    if (!id) throw new Error("CAR gave no id for a page");
    return id;
  }

  /** Returns when CAR has taken in the pages of all the jobs. */
  async awaitImports(jobs: string[]) {
    for (let left = jobs, wait = 1000; left.length > 0; wait = Math.min(2 * wait, 60_000)) {
      const still: string[] = [];
      for (let i = 0; i < left.length; i += 20) {
        const ids = left.slice(i, i + 20).map(encodeURIComponent).join(",");
        const { incomplete_imports, error_imports } = await this.send("GET", `${this.v2}/importstatus?ids=${ids}`);
        if (error_imports.length > 0) throw new Error(`CAR did not take in a page: ${JSON.stringify(error_imports[0])}`);
        still.push(...incomplete_imports.map((job: { id: string }) => job.id));
      }
      left = still;
      if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
