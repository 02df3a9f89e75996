import type { Difference, Plan, Preview, Problem, Receipt, State, Value } from './element.js';

/** As much of Playwright's page as the page object needs; Playwright's own `Page` and `Frame` fit. */
export interface PageLike<L> {
  locator(selector: string): L;
  waitForFunction(test: any, argument?: any): Promise<unknown>;
}

export interface Entries {
  amount?: string | undefined;
  /** `stored-<id>`, `default`, `Cash`, `Check` or `DirectDeposit`. */
  method?: string | undefined;
  reference?: string | undefined;
  plan?: Plan | undefined;
  /** By invoice id. */
  shares?: Record<string, string> | undefined;
  /** This and the three below: MaiaScore. */
  amountDue?: string | undefined;
  amountPaid?: string | undefined;
  dueDate?: string | undefined;
  date?: string | undefined;
}

/** The form as a test sees it, by promised names only. `L` is Playwright's `Locator`. */
export class PaymentFormPage<L = any> {
  constructor(page: PageLike<L>, selector?: string);
  readonly element: L;
  readonly amount: L;
  readonly reference: L;
  /** The button that pays. */
  readonly pay: L;
  readonly errorSummary: L;
  readonly receipt: L;
  field(name: string): L;
  row(invoiceId: string): L;
  share(invoiceId: string): L;
  choosePlan(plan: Plan): Promise<void>;
  choosePaymentMethod(method: string): Promise<void>;
  /** Shows all invoices where a narrow form shows only those that the payment covers; `fill` does so for shares. */
  showInvoices(): Promise<void>;
  fill(entries?: Entries): Promise<void>;
  /** As a plain decimal; `null` where the form does not know it or it does not apply. */
  total(name: 'allocated' | 'unallocated' | 'still-owed'): Promise<string | null>;
  state(): Promise<State>;
  preview(): Promise<Preview | null>;
  problems(): Promise<readonly Problem[]>;
  value(): Promise<Value>;
  waitForState(...states: State[]): Promise<State>;
  ready(): Promise<void>;
  /** Rejects with the words on the screen where the payment is not recorded, and with the state where the form takes no payment. */
  payAndReceive(entries?: Entries): Promise<{ receipt: Receipt; differences: readonly Difference[] }>;
}
