/* A page that fails to draw does not take the frame with it. */
import { Component, type ReactNode } from 'react';
import { Offline } from '@/api/problem';
import { queries } from '@/api/query';
import { isThere } from '@/api/reach';
import { Failed } from '@/parts/States';

const unloaded = new Offline();

/* A part of the program that could not be fetched; it is asked for again only after a reload. */
function isUnloaded(error: unknown): boolean {
  return error instanceof Error && /dynamically imported module|preload CSS/.test(error.message);
}

/* What failed is asked for anew, else it would fail again from memory. */
function forget(): void {
  void queries.resetQueries({ predicate: ({ state }) => state.status === 'error' });
}

async function reload(): Promise<void> {
  if (await isThere()) location.reload();
}

interface Props {
  at: string;
  main?: boolean; /* there is no frame of the page yet */
  children: ReactNode;
}

export class ErrorFrame extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidUpdate(before: Props) {
    if (before.at !== this.props.at && this.state.error !== null) this.setState({ error: null });
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    const told = isUnloaded(this.state.error)
      ? <Failed alone error={unloaded} again={() => void reload()} />
      : <Failed alone error={this.state.error} again={() => { forget(); this.setState({ error: null }); }} />;
    return this.props.main ? <main>{told}</main> : told;
  }
}
