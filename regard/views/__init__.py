"""Views of cases, bureaux and contests as plain values: made once from an audit, and rendered by every form."""
