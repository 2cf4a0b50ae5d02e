// SPDX-License-Identifier: Apache-2.0
import { Component } from "preact";
import type { ComponentChildren } from "preact";
import { as_problem } from "../api/problem";
import { Trouble } from "./trouble";

// A fault of one screen leaves the menu and the other screens working.
export class ErrorStop extends Component<{ children: ComponentChildren }, { fault?: unknown }> {
  override state: { fault?: unknown } = {};

  static override getDerivedStateFromError(fault: unknown) {
    return { fault };
  }

  override componentDidCatch(fault: unknown) {
    console.error(fault);
  }

  override render() {
    if (this.state.fault === undefined) return this.props.children;
    return <Trouble problem={as_problem(this.state.fault)} retry={() => this.setState({ fault: undefined })} />;
  }
}
