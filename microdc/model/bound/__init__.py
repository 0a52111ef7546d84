"""What no plan can cost less than: by a plain floor, and by what prices prove."""
