// Ours, not the package's: the part of socket.io-client that js/net/socket.js uses.
export interface ClientSocket {
  readonly connected: boolean;
  /** True while the library reconnects by itself. */
  readonly active: boolean;
  readonly io: { readonly engine?: { close(): void } };
  on(event: string, listener: (...args: any[]) => void): this;
  emit(event: string, ...args: unknown[]): this;
  timeout(ms: number): { emitWithAck(event: string, argument: unknown): Promise<unknown> };
  connect(): this;
  disconnect(): this;
}
export function io(namespace: string, options: Record<string, unknown>): ClientSocket;
