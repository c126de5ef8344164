/** Why the portal did not start. */
export class StartError extends Error {}

class Refused extends Error {
  constructor(status, code, description) {
    super(`${status} ${code}: ${description}`);
    Object.assign(this, { status, code, description });
  }
}

/** An error of the protocol. */
export class CallError extends Refused {}

/** What the operator's API refused. */
export class OperatorError extends Refused {}
