"""Payroll: pay periods with their figures and files, tips, and the rules they go by."""
