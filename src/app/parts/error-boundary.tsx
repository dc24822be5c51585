// Keeps a failed part of the page from taking the rest with it, and says what to do.
import { Component, type ReactNode } from 'react';

interface Props {
  /** Names the part: "The picture". */
  what: string;
  /** A change of this value tries again. */
  resetKey?: unknown;
  children: ReactNode;
}
interface State {
  error: Error | null;
  key: unknown;
}

/** A lazy part that the server no longer has, after an update, or that the network did not bring. */
const isLoadError = (error: Error): boolean => /import|fetch|chunk|module script|preload/i.test(error.message);

export class ErrorBoundary extends Component<Props, State> {
  state: State = { error: null, key: this.props.resetKey };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetKey === state.key ? null : { error: null, key: props.resetKey };
  }

  render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className="message" data-tone="bad" role="alert">
        <p>
          <strong>{this.props.what} could not be shown.</strong>{' '}
          {isLoadError(error)
            ? 'A file of the page did not arrive: check the connection and reload the page.'
            : 'The rest of the page works; reload the page to try again.'}
        </p>
        <p className="tiny mono">{error.message.slice(0, 300)}</p>
      </div>
    );
  }
}
