import { Component, CUSTOM_ELEMENTS_SCHEMA, provideZonelessChangeDetection, signal } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import 'payment-form/define.js';
import { Payment } from './snippet';
import { authorization, hear, invoices, isSnippet, paid, paymentMethods } from './statement.js';

document.documentElement.lang = new URLSearchParams(location.search).get('lang') ?? 'en';

@Component({
  selector: 'app-root',
  imports: [Payment],
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    @if (isSnippet) {
      <app-payment [invoices]="invoices" (paid)="paid($event)"></app-payment>
    } @else if (isShown()) {
      <payment-form
        customer-id="655080"
        resolve-endpoint="/v1/payments/resolve"
        [invoices]="invoices"
        [paymentMethods]="paymentMethods"
        [authorization]="authorization"
        (payment-ready)="hear($event)"
        (payment-change)="hear($event)"
        (payment-submit)="hear($event)"
        (payment-recorded)="hear($event)"
        (payment-rejected)="hear($event)"
        (payment-held)="hear($event)"
        (payment-unknown)="hear($event)"
        (payment-load-error)="hear($event)"
        (payment-crash)="hear($event)"
      ></payment-form>
    }
    <button id="toggle" (click)="isShown.set(!isShown())">Mount or unmount</button>
  `,
})
class App {
  readonly isShown = signal(true);
  readonly invoices = invoices;
  readonly paymentMethods = paymentMethods;
  readonly authorization = authorization;
  readonly hear = hear;
  readonly isSnippet = isSnippet;
  readonly paid = paid;
}

bootstrapApplication(App, { providers: [provideZonelessChangeDetection()] });
