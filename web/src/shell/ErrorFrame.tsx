/* A page that fails to draw does not take the frame with it. */
import { Component, type ReactNode } from 'react';
import { Offline } from '@/api/problem';
import { Failed } from '@/parts/States';

/* A part of the program that could not be fetched; it is asked for again only after a reload. */
function isUnloaded(error: unknown): boolean {
  return error instanceof Error && /dynamically imported module|preload CSS/.test(error.message);
}

interface Props {
  at: string;
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
    if (isUnloaded(this.state.error)) return <Failed error={new Offline()} again={() => location.reload()} />;
    return <Failed error={this.state.error} again={() => this.setState({ error: null })} />;
  }
}
